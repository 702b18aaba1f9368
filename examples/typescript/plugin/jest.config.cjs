module.exports = { displayName: "typescript-plugin", preset: "wplug" };
