// What kernels.ts says, in C.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static __attribute__((noinline)) int32_t fibonacci(int32_t n) {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

EXPORT(fib) double fib(int32_t n) { return fibonacci(n); }

EXPORT(hash) double hash(int32_t n) {
  static uint8_t bytes[65536];
  for (int i = 0; i < 65536; i++) bytes[i] = (uint8_t)(i * 31);
  uint32_t h = 2166136261u;
  for (int round = 0; round < n; round++)
    for (int i = 0; i < 65536; i++) h = (h ^ bytes[i]) * 16777619u;
  return h;
}

EXPORT(sieve) double sieve(int32_t n) {
  static uint8_t composite[1 << 20];
  const int size = 1 << 20;
  int count = 0;
  for (int round = 0; round < n; round++) {
    memset(composite, 0, size);
    count = 0;
    for (int i = 2; i < size; i++) {
      if (composite[i]) continue;
      count++;
      for (int k = i * 2; k < size; k += i) composite[k] = 1;
    }
  }
  return count;
}

EXPORT(matmul) double matmul(int32_t n) {
  enum { SIZE = 128 };
  static double a[SIZE * SIZE], b[SIZE * SIZE], c[SIZE * SIZE];
  for (int i = 0; i < SIZE * SIZE; i++) {
    a[i] = i % 7;
    b[i] = i % 5;
  }
  for (int round = 0; round < n; round++)
    for (int i = 0; i < SIZE; i++)
      for (int j = 0; j < SIZE; j++) {
        double sum = 0;
        for (int k = 0; k < SIZE; k++) sum += a[i * SIZE + k] * b[k * SIZE + j];
        c[i * SIZE + j] = sum;
      }
  return c[SIZE + 1];
}

EXPORT(mandel) double mandel(int32_t n) {
  int total = 0;
  for (int py = 0; py < n; py++)
    for (int px = 0; px < n; px++) {
      double cx = (double)px / n * 3 - 2, cy = (double)py / n * 2 - 1, x = 0, y = 0;
      int i = 0;
      while (i < 200 && x * x + y * y <= 4) {
        double next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
        i++;
      }
      total += i;
    }
  return total;
}

static void quicksort(int32_t *items, int low, int high) {
  while (low < high) {
    int32_t pivot = items[(low + high) >> 1];
    int i = low, k = high;
    while (i <= k) {
      while (items[i] < pivot) i++;
      while (items[k] > pivot) k--;
      if (i <= k) {
        int32_t item = items[i];
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

EXPORT(sort) double sort(int32_t n) {
  int32_t *items = malloc(n * sizeof *items);
  uint32_t seed = 1;
  for (int i = 0; i < n; i++) {
    seed = seed * 1664525u + 1013904223u;
    items[i] = (int32_t)(seed >> 8);
  }
  quicksort(items, 0, n - 1);
  double middle = items[n >> 1];
  free(items);
  return middle;
}

EXPORT(strings) double strings(int32_t n) {
  double length = 0;
  char *text = calloc(1, 1);
  for (int i = 0; i < n; i++) {
    char number[12];
    int digits = snprintf(number, sizeof number, "%d", i);
    size_t old = strlen(text);
    text = realloc(text, old + digits + 1);
    memcpy(text + old, number, digits + 1);
    if (old + digits > 100) {
      length += old + digits;
      text[0] = 0;
    }
  }
  free(text);
  return length;
}
