import { UserError } from "../errors/user-error";
import { LANGUAGES } from "./index";
import type { ContractSdk, Language, LanguageWith, PluginSdk } from "./language";

/** What `"language"` in wplug.json can be. */
export function languageNames(): string[] {
  return LANGUAGES.map(({ name }) => name);
}

/** @throws UserError that lists the languages there are */
export function languageNamed(name: string): Language {
  const found = LANGUAGES.find((language) => language.name === name);
  if (found !== undefined) return found;
  const known = languageNames().map((it) => `"${it}"`);
  throw new UserError(`"language" must be one of ${known.join(", ")}, not "${name}"`);
}

/** Those whose SDKs a contract has for its plugins. */
export function languagesOfContracts(): LanguageWith<ContractSdk>[] {
  return LANGUAGES.filter(hasContractSdk);
}

/** Whether plugins in a language have a target `generate` of their own. */
export function hasPluginSdk(language: Language): language is LanguageWith<PluginSdk> {
  return language.sdk.place === "plugin";
}

function hasContractSdk(language: Language): language is LanguageWith<ContractSdk> {
  return language.sdk.place === "contract";
}
