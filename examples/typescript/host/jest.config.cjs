module.exports = { displayName: "typescript-host", preset: "wplug" };
