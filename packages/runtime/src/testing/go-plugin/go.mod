module wplug.test/plugin

go 1.24
