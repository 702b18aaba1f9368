/** What a plugin can ask of its host, by the imports that it does so with. */
const ASKED: readonly (readonly [RegExp, string])[] = [
  [/^(path_|fd_prestat_|fd_readdir)/, "files, in the folders that the host gives it (files)"],
  [/^sock_/, "sockets, which no host of wplug gives"],
  [/^environ_/, "environment variables that the host gives it (env)"],
  [/^args_/, "arguments that the host gives it (args)"],
  [/^(clock_|poll_oneoff)/, "the time"],
  [/^random_/, "random numbers"],
  [/^fd_write$/, "output (stdout, stderr)"],
  [/^fd_p?read$/, "bytes of what it has open: input, files"],
];

/**
 * What a plugin may ask its host for: a function that it does not import it can't call. Each in words for people.
 *
 * @param wasi names of WASI functions: `path_open`
 * @param hostFunctions with their modules: `env.http_get`
 */
export function permissionsOf(wasi: readonly string[], hostFunctions: readonly string[]): string[] {
  return [
    ...ASKED.filter(([pattern]) => wasi.some((name) => pattern.test(name))).map(
      ([, words]) => words,
    ),
    ...(hostFunctions.length === 0 ? [] : [`functions of the host: ${hostFunctions.join(", ")}`]),
  ];
}
