module.exports = { displayName: "host-functions-contract", preset: "wplug" };
