module.exports = { displayName: "order-host", preset: "wplug" };
