module.exports = { displayName: "helloworld-contract", preset: "wplug" };
