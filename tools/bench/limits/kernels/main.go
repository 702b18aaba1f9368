// What kernels.ts says, in Go.
package main

import "strconv"

//go:noinline
func fibonacci(n int32) int32 {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

//go:wasmexport fib
func fib(n int32) float64 { return float64(fibonacci(n)) }

//go:wasmexport hash
func hash(n int32) float64 {
	bytes := make([]byte, 65536)
	for i := range bytes {
		bytes[i] = byte(i * 31)
	}
	h := uint32(2166136261)
	for range n {
		for _, b := range bytes {
			h = (h ^ uint32(b)) * 16777619
		}
	}
	return float64(h)
}

//go:wasmexport sieve
func sieve(n int32) float64 {
	const size = 1 << 20
	composite := make([]bool, size)
	count := 0
	for range n {
		clear(composite)
		count = 0
		for i := 2; i < size; i++ {
			if composite[i] {
				continue
			}
			count++
			for k := i * 2; k < size; k += i {
				composite[k] = true
			}
		}
	}
	return float64(count)
}

//go:wasmexport matmul
func matmul(n int32) float64 {
	const size = 128
	a := make([]float64, size*size)
	b := make([]float64, size*size)
	c := make([]float64, size*size)
	for i := range a {
		a[i] = float64(i % 7)
		b[i] = float64(i % 5)
	}
	for range n {
		for i := range size {
			for j := range size {
				sum := 0.0
				for k := range size {
					sum += a[i*size+k] * b[k*size+j]
				}
				c[i*size+j] = sum
			}
		}
	}
	return c[size+1]
}

//go:wasmexport mandel
func mandel(n int32) float64 {
	total := 0
	for py := range n {
		for px := range n {
			cx := float64(px)/float64(n)*3 - 2
			cy := float64(py)/float64(n)*2 - 1
			x, y, i := 0.0, 0.0, 0
			for i < 200 && x*x+y*y <= 4 {
				x, y = x*x-y*y+cx, 2*x*y+cy
				i++
			}
			total += i
		}
	}
	return float64(total)
}

func quicksort(items []int32, low, high int) {
	for low < high {
		pivot := items[(low+high)>>1]
		i, k := low, high
		for i <= k {
			for items[i] < pivot {
				i++
			}
			for items[k] > pivot {
				k--
			}
			if i <= k {
				items[i], items[k] = items[k], items[i]
				i++
				k--
			}
		}
		if k-low < high-i {
			quicksort(items, low, k)
			low = i
		} else {
			quicksort(items, i, high)
			high = k
		}
	}
}

//go:wasmexport sort
func sort(n int32) float64 {
	items := make([]int32, n)
	seed := uint32(1)
	for i := range items {
		seed = seed*1664525 + 1013904223
		items[i] = int32(seed >> 8)
	}
	quicksort(items, 0, int(n)-1)
	return float64(items[n>>1])
}

//go:wasmexport strings
func strings(n int32) float64 {
	length := 0
	text := ""
	for i := range n {
		text += strconv.Itoa(int(i))
		if len(text) > 100 {
			length += len(text)
			text = ""
		}
	}
	return float64(length)
}

func main() {}
