module.exports = { displayName: "wasi-plugin", preset: "wplug" };
