// A program of about 3 MB, as plugins in Go have.
package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"text/template"
)

//go:wasmexport work
func work() int32 {
	text, err := json.Marshal(map[string]any{"pattern": regexp.MustCompile("a+").String()})
	if err != nil {
		return 1
	}
	fmt.Println(template.HTMLEscapeString(string(text)))
	return 0
}

func main() {}
