module.exports = { displayName: "host-function-library-plugin", preset: "wplug" };
