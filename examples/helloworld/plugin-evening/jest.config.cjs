module.exports = { displayName: "helloworld-plugin-evening", preset: "wplug" };
