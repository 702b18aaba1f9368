/**
 * The last module of a plugin whose top level runs at load: it exports its services before they are registered.
 *
 * @module
 */
import { checkDeclaredServices } from "./services.js";

checkDeclaredServices();
