module.exports = { displayName: "host-function-library-host", preset: "wplug" };
