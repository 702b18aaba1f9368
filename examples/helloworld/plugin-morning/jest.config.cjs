module.exports = { displayName: "helloworld-plugin-morning", preset: "wplug" };
