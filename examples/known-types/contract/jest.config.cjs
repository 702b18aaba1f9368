module.exports = { displayName: "known-types-contract", preset: "wplug" };
