module.exports = { displayName: "host-functions-plugin", preset: "wplug" };
