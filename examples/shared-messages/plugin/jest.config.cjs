module.exports = { displayName: "order-plugin", preset: "wplug" };
