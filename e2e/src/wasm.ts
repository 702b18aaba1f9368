/** The modules that a wasm file imports from, sorted, each once. */
export function importedModules(wasm: Uint8Array<ArrayBuffer>): string[] {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  return [...new Set(imports.map(({ module }) => module))].sort();
}
