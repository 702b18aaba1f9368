module.exports = { displayName: "wasi-host", preset: "wplug" };
