module.exports = { displayName: "host-functions-host", preset: "wplug" };
