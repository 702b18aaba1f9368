module.exports = { displayName: "helloworld-host", preset: "wplug" };
