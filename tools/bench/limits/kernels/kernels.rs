// What kernels.ts says, in Rust.

#[inline(never)]
fn fibonacci(n: i32) -> i32 {
    if n < 2 {
        n
    } else {
        fibonacci(n - 1) + fibonacci(n - 2)
    }
}

#[no_mangle]
pub extern "C" fn fib(n: i32) -> f64 {
    fibonacci(n) as f64
}

#[no_mangle]
pub extern "C" fn hash(n: i32) -> f64 {
    let bytes: Vec<u8> = (0..65536i32).map(|i| (i * 31) as u8).collect();
    let mut h: u32 = 2166136261;
    for _ in 0..n {
        for byte in &bytes {
            h = (h ^ u32::from(*byte)).wrapping_mul(16777619);
        }
    }
    h as f64
}

#[no_mangle]
pub extern "C" fn sieve(n: i32) -> f64 {
    let size = 1usize << 20;
    let mut composite = vec![false; size];
    let mut count = 0;
    for _ in 0..n {
        composite.fill(false);
        count = 0;
        for i in 2..size {
            if composite[i] {
                continue;
            }
            count += 1;
            let mut k = i * 2;
            while k < size {
                composite[k] = true;
                k += i;
            }
        }
    }
    count as f64
}

#[no_mangle]
pub extern "C" fn matmul(n: i32) -> f64 {
    const SIZE: usize = 128;
    let a: Vec<f64> = (0..SIZE * SIZE).map(|i| (i % 7) as f64).collect();
    let b: Vec<f64> = (0..SIZE * SIZE).map(|i| (i % 5) as f64).collect();
    let mut c = vec![0f64; SIZE * SIZE];
    for _ in 0..n {
        for i in 0..SIZE {
            for j in 0..SIZE {
                let mut sum = 0f64;
                for k in 0..SIZE {
                    sum += a[i * SIZE + k] * b[k * SIZE + j];
                }
                c[i * SIZE + j] = sum;
            }
        }
    }
    c[SIZE + 1]
}

#[no_mangle]
pub extern "C" fn mandel(n: i32) -> f64 {
    let mut total = 0;
    for py in 0..n {
        for px in 0..n {
            let cx = px as f64 / n as f64 * 3.0 - 2.0;
            let cy = py as f64 / n as f64 * 2.0 - 1.0;
            let (mut x, mut y, mut i) = (0f64, 0f64, 0);
            while i < 200 && x * x + y * y <= 4.0 {
                let next = x * x - y * y + cx;
                y = 2.0 * x * y + cy;
                x = next;
                i += 1;
            }
            total += i;
        }
    }
    total as f64
}

fn quicksort(items: &mut [i32]) {
    if items.len() < 2 {
        return;
    }
    let pivot = items[(items.len() - 1) / 2];
    let (mut i, mut k) = (0isize, items.len() as isize - 1);
    while i <= k {
        while items[i as usize] < pivot {
            i += 1;
        }
        while items[k as usize] > pivot {
            k -= 1;
        }
        if i <= k {
            items.swap(i as usize, k as usize);
            i += 1;
            k -= 1;
        }
    }
    quicksort(&mut items[..(k + 1) as usize]);
    quicksort(&mut items[i as usize..]);
}

#[no_mangle]
pub extern "C" fn sort(n: i32) -> f64 {
    let mut seed: u32 = 1;
    let mut items: Vec<i32> = (0..n)
        .map(|_| {
            seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
            (seed >> 8) as i32
        })
        .collect();
    quicksort(&mut items);
    items[n as usize >> 1] as f64
}

#[no_mangle]
pub extern "C" fn strings(n: i32) -> f64 {
    let mut length = 0;
    let mut text = String::new();
    for i in 0..n {
        text = text + &i.to_string();
        if text.len() > 100 {
            length += text.len();
            text = String::new();
        }
    }
    length as f64
}
