module.exports = { displayName: "host-function-library-contract", preset: "wplug" };
