module.exports = { displayName: "wasi-contract", preset: "wplug" };
