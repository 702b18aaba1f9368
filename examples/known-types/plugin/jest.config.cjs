module.exports = { displayName: "known-types-plugin", preset: "wplug" };
