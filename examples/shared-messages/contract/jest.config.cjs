module.exports = { displayName: "order-contract", preset: "wplug" };
