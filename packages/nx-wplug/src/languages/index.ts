import { assemblyscript } from "./assemblyscript";
import { go, tinygo } from "./go";
import type { Language } from "./language";
import { rust } from "./rust";
import { typescript } from "./typescript";

/** What plugins can be written in. The one place that lists it: graph, generators and executors follow. */
export const LANGUAGES: readonly Language[] = [assemblyscript, typescript, go, tinygo, rust];

/** What a plugin is in unless its wplug.json says so. It takes every contract. */
export const DEFAULT_LANGUAGE: Language = assemblyscript;
