import { JsonError, kindOf } from "./json-error.js";
import { make, type SpecialForm } from "./special-form.js";

/** Names of fields with dots in between. */
const PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

/** Paths in lowerCamelCase with commas in between: `user.displayName,photo`. */
export const fieldMaskForm: SpecialForm = {
  toJson(message) {
    const { paths } = message as unknown as { paths: unknown };
    if (!Array.isArray(paths)) throw new JsonError(`expected an array, not ${kindOf(paths)}`);
    return paths
      .map((path: unknown) => {
        if (typeof path !== "string" || !PATH.test(path)) {
          throw new JsonError(`${kindOf(path)} is no path of fields`);
        }
        const camel = path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
        if (toSnake(camel) !== path || camel.includes("_")) {
          throw new JsonError(
            `the path ${kindOf(path)} has no form in JSON: it would not come back`,
          );
        }
        return camel;
      })
      .join(",");
  },
  fromJson(type, json) {
    if (typeof json !== "string") throw new JsonError(`expected a string, not ${kindOf(json)}`);
    const paths = json === "" ? [] : json.split(",");
    const wrong = paths.find(
      (path) => !/^[a-zA-Z][a-zA-Z0-9]*(\.[a-zA-Z][a-zA-Z0-9]*)*$/.test(path),
    );
    if (wrong !== undefined) throw new JsonError(`${kindOf(wrong)} is no path in lowerCamelCase`);
    return make(type, { paths: paths.map(toSnake) });
  },
};

function toSnake(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
