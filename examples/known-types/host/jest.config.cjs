module.exports = { displayName: "known-types-host", preset: "wplug" };
