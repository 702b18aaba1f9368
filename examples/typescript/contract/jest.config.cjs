module.exports = { displayName: "typescript-contract", preset: "wplug" };
