// The same seven programs in each language: what compilers make of calls, loops, memory and allocation.

function fibonacci(n: i32): i32 {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

export function fib(n: i32): f64 {
  return fibonacci(n);
}

/** FNV-1a of n times 64 KiB. */
export function hash(n: i32): f64 {
  const bytes = new Uint8Array(65536);
  for (let i = 0; i < bytes.length; i++) bytes[i] = <u8>(i * 31);
  let h: u32 = 2166136261;
  for (let round = 0; round < n; round++) {
    for (let i = 0; i < bytes.length; i++) h = (h ^ bytes[i]) * 16777619;
  }
  return h;
}

/** Number of primes below 2^20, n times. */
export function sieve(n: i32): f64 {
  const size = 1 << 20;
  let count = 0;
  const composite = new Uint8Array(size);
  for (let round = 0; round < n; round++) {
    composite.fill(0);
    count = 0;
    for (let i = 2; i < size; i++) {
      if (composite[i]) continue;
      count++;
      for (let k = i * 2; k < size; k += i) composite[k] = 1;
    }
  }
  return count;
}

/** Product of two 128 x 128 matrices, n times. */
export function matmul(n: i32): f64 {
  const size = 128;
  const a = new Float64Array(size * size);
  const b = new Float64Array(size * size);
  const c = new Float64Array(size * size);
  for (let i = 0; i < size * size; i++) {
    a[i] = i % 7;
    b[i] = i % 5;
  }
  for (let round = 0; round < n; round++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum: f64 = 0;
        for (let k = 0; k < size; k++) sum += a[i * size + k] * b[k * size + j];
        c[i * size + j] = sum;
      }
    }
  }
  return c[size + 1];
}

/** Sum of iterations of an n x n picture of the Mandelbrot set. */
export function mandel(n: i32): f64 {
  let total = 0;
  for (let py = 0; py < n; py++) {
    for (let px = 0; px < n; px++) {
      const cx = (<f64>px / n) * 3 - 2;
      const cy = (<f64>py / n) * 2 - 1;
      let x: f64 = 0;
      let y: f64 = 0;
      let i = 0;
      while (i < 200 && x * x + y * y <= 4) {
        const next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
        i++;
      }
      total += i;
    }
  }
  return total;
}

function quicksort(items: Int32Array, low: i32, high: i32): void {
  while (low < high) {
    const pivot = items[(low + high) >> 1];
    let i = low;
    let k = high;
    while (i <= k) {
      while (items[i] < pivot) i++;
      while (items[k] > pivot) k--;
      if (i <= k) {
        const item = items[i];
        items[i++] = items[k];
        items[k--] = item;
      }
    }
    if (k - low < high - i) {
      quicksort(items, low, k);
      low = i;
    } else {
      quicksort(items, i, high);
      high = k;
    }
  }
}

/** Quicksort of n numbers. */
export function sort(n: i32): f64 {
  const items = new Int32Array(n);
  let seed: u32 = 1;
  for (let i = 0; i < n; i++) {
    seed = seed * 1664525 + 1013904223;
    items[i] = <i32>(seed >> 8);
  }
  quicksort(items, 0, n - 1);
  return items[n >> 1];
}

/** Length of texts that are put together of numbers. */
export function strings(n: i32): f64 {
  let length: f64 = 0;
  let text = "";
  for (let i = 0; i < n; i++) {
    text += i.toString();
    if (text.length > 100) {
      length += text.length;
      text = "";
    }
  }
  return length;
}
