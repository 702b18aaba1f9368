/**
 * `import()` of a file URL, which stays one whoever compiles this file: in a workspace that runs this package from its
 * sources, Nx makes a `require` of what it sees, and that can't load modules.
 */
export const importModule = new Function("url", "return import(url)") as (
  url: string,
) => Promise<unknown>;
