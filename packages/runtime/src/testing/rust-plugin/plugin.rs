//! A plugin of the service test.v1.Greeter that uses WASI as programs of Rust do: the name in the request is a command line,
//! the name in the answer what came of it.

use std::collections::HashMap;
use std::ffi::CString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::raw::c_char;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[no_mangle]
pub extern "C" fn greeter_api_version() -> u64 {
    1
}

fn run(words: &[&str]) -> io::Result<String> {
    let path = words.get(1).copied().unwrap_or("");
    let rest = words.get(2).copied().unwrap_or("");
    let done = String::new();
    Ok(match words.first().copied().unwrap_or("") {
        "read" => fs::read_to_string(path)?,
        "write" => fs::write(path, rest).map(|()| done)?,
        "append" => {
            OpenOptions::new().append(true).open(path)?.write_all(rest.as_bytes())?;
            done
        }
        "create" => OpenOptions::new().write(true).create_new(true).open(path).map(|_| done)?,
        "seek" => {
            let mut file = OpenOptions::new().read(true).write(true).open(path)?;
            let at = file.seek(SeekFrom::End(-3))?;
            file.write_all(b"END")?;
            file.seek(SeekFrom::Start(0))?;
            let mut all = String::new();
            file.read_to_string(&mut all)?;
            format!("{} {} {}", at, &all[..2], &all[all.len() - 3..])
        }
        "list" => {
            let mut names = fs::read_dir(path)?
                .map(|entry| entry.map(|it| it.file_name().to_string_lossy().into_owned()))
                .collect::<io::Result<Vec<_>>>()?;
            names.sort();
            names.join(" ")
        }
        "mkdir" => fs::create_dir(path).map(|()| done)?,
        "rename" => fs::rename(path, rest).map(|()| done)?,
        "remove" => fs::remove_file(path).or_else(|_| fs::remove_dir(path)).map(|()| done)?,
        "truncate" => OpenOptions::new().write(true).open(path)?.set_len(2).map(|()| done)?,
        "link" => {
            let (path, rest) = (CString::new(path)?, CString::new(rest)?);
            if unsafe { symlink(path.as_ptr(), rest.as_ptr()) } != 0 {
                return Err(io::Error::last_os_error());
            }
            done
        }
        "hardlink" => fs::hard_link(path, rest).map(|()| done)?,
        "unlink" => fs::remove_file(path).map(|()| done)?,
        "readlink" => fs::read_link(path)?.to_string_lossy().into_owned(),
        "stat" => {
            let found = fs::metadata(path)?;
            format!("{} {}", found.len(), if found.is_dir() { "directory" } else { "file" })
        }
        "open-many" => {
            let mut files = Vec::new();
            loop {
                files.push(File::open(path)?);
            }
        }
        "sleep" => {
            let start = Instant::now();
            std::thread::sleep(Duration::from_millis(30));
            (start.elapsed() >= Duration::from_millis(30)).to_string()
        }
        "now" => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
            format!("{}.{:09}", now.as_secs(), now.subsec_nanos())
        }
        // The seed of a hash map is random.
        "random" => {
            let map: HashMap<u32, u32> = (0..20).map(|i| (i, i)).collect();
            map.keys().map(|key| key.to_string()).collect::<Vec<_>>().join(" ")
        }
        "env" => std::env::vars().map(|(name, value)| format!("{}={}", name, value)).collect(),
        "stdin" => {
            let mut all = String::new();
            io::stdin().read_to_string(&mut all)?;
            if all.is_empty() { "end" } else { "more" }.to_string()
        }
        "print" => {
            println!("{}", path);
            eprintln!("{}", path);
            done
        }
        "exit" => std::process::exit(3),
        "panic" => panic!("{}", path),
        _ => return Err(io::Error::new(io::ErrorKind::Other, "no such command")),
    })
}

/// Both messages have one string in field 1, of less than 16,384 bytes.
///
/// # Safety
/// The host gives the address and size of a request.
#[no_mangle]
pub unsafe extern "C" fn greeter_say_hello(address: *const u8, size: usize) -> u64 {
    let request = std::slice::from_raw_parts(address, size);
    let start = if size > 1 && request[1] >= 0x80 { 3 } else { 2 };
    let line = String::from_utf8_lossy(&request[start.min(size)..]);
    let (bytes, flag) = match run(&line.split(' ').collect::<Vec<_>>()) {
        Ok(text) => {
            let mut bytes = vec![0x0a, text.len() as u8 | 0x80, (text.len() >> 7) as u8];
            bytes.extend_from_slice(text.as_bytes());
            (bytes, 0)
        }
        Err(error) => (error.to_string().into_bytes(), 1 << 31),
    };
    // The host frees it.
    let answer = malloc(bytes.len());
    std::ptr::copy_nonoverlapping(bytes.as_ptr(), answer, bytes.len());
    (answer as u64) << 32 | flag | bytes.len() as u64
}

extern "C" {
    // The library has it, but its own function for it is not stable.
    fn symlink(target: *const c_char, path: *const c_char) -> i32;
    fn malloc(size: usize) -> *mut u8;
}
