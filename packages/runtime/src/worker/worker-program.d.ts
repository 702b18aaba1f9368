/** Written by tools/build-packages.mjs: `serve.ts` and all that it needs, as one script. */
declare module "#worker-program" {
  export const program: string;
}
