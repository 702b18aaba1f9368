// A plugin of the service test.v1.Greeter that uses WASI as programs of C do: the name in the request is a command line, the
// name in the answer what came of it.

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define EXPORT(name) __attribute__((export_name(name)))

extern char **environ;

EXPORT("malloc") void *wplug_malloc(size_t size) { return malloc(size); }
EXPORT("free") void wplug_free(void *address) { free(address); }
EXPORT("greeter_api_version") uint64_t api_version(void) { return 1; }

static char text[8000];

// What the library says went wrong, as an error of the call.
static int failed(void) {
  snprintf(text, sizeof text, "%s", strerror(errno));
  return -1;
}

static int copy_file(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) return failed();
  size_t size = fread(text, 1, sizeof text - 1, file);
  text[size] = 0;
  fclose(file);
  return 0;
}

static int put_file(const char *path, const char *mode, const char *content) {
  FILE *file = fopen(path, mode);
  if (file == NULL) return failed();
  int ok = fputs(content, file) >= 0;
  return fclose(file) == 0 && ok ? 0 : failed();
}

// Overwrites the end, then reads parts before and after it.
static int seek_in(const char *path) {
  FILE *file = fopen(path, "r+");
  if (file == NULL) return failed();
  char first[3] = {0}, last[4] = {0};
  fseek(file, -3, SEEK_END);
  long at = ftell(file);
  fputs("END", file);
  rewind(file);
  fread(first, 1, 2, file);
  fseek(file, at, SEEK_SET);
  fread(last, 1, 3, file);
  fclose(file);
  snprintf(text, sizeof text, "%ld %s %s", at, first, last);
  return 0;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) return failed();
  static char *names[2000];
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL && count < 2000;) {
    if (entry->d_name[0] == '.') continue;
    names[count++] = strdup(entry->d_name);
  }
  closedir(directory);
  qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; i < count; i++) {
    if (strlen(text) + strlen(names[i]) + 2 < sizeof text) {
      if (i > 0) strcat(text, " ");
      strcat(text, names[i]);
    }
    free(names[i]);
  }
  return 0;
}

// Sets both times of a file to a nanosecond, and tells what they are then.
static int set_times(const char *path) {
  struct timespec times[2] = {{1000000000, 123456789}, {1234567890, 987654321}};
  struct stat found;
  if (utimensat(AT_FDCWD, path, times, 0) != 0 || stat(path, &found) != 0) return failed();
  snprintf(text, sizeof text, "%lld.%09ld %lld.%09ld", (long long)found.st_atim.tv_sec,
           found.st_atim.tv_nsec, (long long)found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
  return 0;
}

// Whether a directory shows the inodes that its files have.
static int compare_inodes(const char *path) {
  DIR *directory = opendir(path);
  if (directory == NULL) return failed();
  int count = 0, same = 0;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    struct stat found;
    if (fstatat(dirfd(directory), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) continue;
    count++;
    same += entry->d_ino == found.st_ino && found.st_ino != 0;
  }
  closedir(directory);
  snprintf(text, sizeof text, "%d of %d", same, count);
  return 0;
}

static int run(int count, char **words) {
  const char *command = count > 0 ? words[0] : "";
  const char *path = count > 1 ? words[1] : "";
  const char *rest = count > 2 ? words[2] : "";
  text[0] = 0;
  if (!strcmp(command, "read")) return copy_file(path);
  if (!strcmp(command, "write")) return put_file(path, "w", rest);
  if (!strcmp(command, "append")) return put_file(path, "a", rest);
  if (!strcmp(command, "create")) return put_file(path, "wx", rest);
  if (!strcmp(command, "seek")) return seek_in(path);
  if (!strcmp(command, "list")) return list(path);
  if (!strcmp(command, "mkdir")) return mkdir(path, 0755) == 0 ? 0 : failed();
  if (!strcmp(command, "rename")) return rename(path, rest) == 0 ? 0 : failed();
  if (!strcmp(command, "remove")) return remove(path) == 0 ? 0 : failed();
  if (!strcmp(command, "truncate")) return truncate(path, 2) == 0 ? 0 : failed();
  if (!strcmp(command, "link")) return symlink(path, rest) == 0 ? 0 : failed();
  if (!strcmp(command, "hardlink")) return link(path, rest) == 0 ? 0 : failed();
  if (!strcmp(command, "unlink")) return unlink(path) == 0 ? 0 : failed();
  if (!strcmp(command, "times")) return set_times(path);
  if (!strcmp(command, "inodes")) return compare_inodes(path);
  if (!strcmp(command, "readlink")) {
    ssize_t size = readlink(path, text, sizeof text - 1);
    if (size < 0) return failed();
    text[size] = 0;
    return 0;
  }
  if (!strcmp(command, "shutdown")) return shutdown(atoi(path), SHUT_RD) == 0 ? 0 : failed();
  if (!strcmp(command, "stat")) {
    struct stat found;
    if (stat(path, &found) != 0) return failed();
    snprintf(text, sizeof text, "%lld %s", (long long)found.st_size,
             S_ISDIR(found.st_mode) ? "directory" : "file");
    return 0;
  }
  if (!strcmp(command, "open-many")) {
    while (open(path, O_RDONLY) >= 0) {
    }
    return failed();
  }
  if (!strcmp(command, "sleep")) {
    struct timespec start, end, pause = {0, 30 * 1000 * 1000};
    clock_gettime(CLOCK_MONOTONIC, &start);
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    long long passed =
        (end.tv_sec - start.tv_sec) * 1000000000LL + (end.tv_nsec - start.tv_nsec);
    snprintf(text, sizeof text, "%s", passed >= 30 * 1000 * 1000 ? "true" : "false");
    return 0;
  }
  if (!strcmp(command, "now")) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(text, sizeof text, "%lld.%09ld", (long long)now.tv_sec, now.tv_nsec);
    return 0;
  }
  if (!strcmp(command, "random")) {
    unsigned char bytes[4];
    if (getentropy(bytes, sizeof bytes) != 0) return failed();
    snprintf(text, sizeof text, "%02x%02x%02x%02x", bytes[0], bytes[1], bytes[2], bytes[3]);
    return 0;
  }
  if (!strcmp(command, "env")) {
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
      strcat(text, *variable);
    return 0;
  }
  if (!strcmp(command, "stdin")) {
    snprintf(text, sizeof text, "%s", getchar() == EOF ? "end" : "more");
    return 0;
  }
  if (!strcmp(command, "print")) {
    printf("%s\n", path);
    fflush(stdout);
    fprintf(stderr, "%s\n", path);
    return 0;
  }
  if (!strcmp(command, "exit")) exit(3);
  if (!strcmp(command, "panic")) {
    fprintf(stderr, "panic: %s\n", path);
    abort();
  }
  snprintf(text, sizeof text, "no such command");
  return -1;
}

// Both messages have one string in field 1, of less than 16,384 bytes.
EXPORT("greeter_say_hello") uint64_t say_hello(const unsigned char *request, size_t size) {
  static char line[8000];
  static char *words[16];
  size_t start = size > 1 && request[1] >= 0x80 ? 3 : 2;
  size_t length = size > start ? size - start : 0;
  memcpy(line, request + start, length);
  line[length] = 0;
  int count = 0;
  for (char *word = strtok(line, " "); word != NULL && count < 16; word = strtok(NULL, " "))
    words[count++] = word;
  int isError = run(count, words) != 0;
  length = strlen(text);
  unsigned char *answer = malloc(length + 3);
  if (isError) {
    memcpy(answer, text, length);
    return (uint64_t)(uintptr_t)answer << 32 | 1u << 31 | length;
  }
  answer[0] = 0x0a;
  answer[1] = (unsigned char)length | 0x80;
  answer[2] = (unsigned char)(length >> 7);
  memcpy(answer + 3, text, length);
  return (uint64_t)(uintptr_t)answer << 32 | (length + 3);
}
