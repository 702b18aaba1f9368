module.exports = { displayName: "money-contract", preset: "wplug" };
