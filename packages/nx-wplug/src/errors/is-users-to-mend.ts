import { CodeGeneratorError } from "./code-generator-error";
import { ContractError } from "./contract-error";
import { UserError } from "./user-error";

/** Whether an error is a mistake of the user's or of their machine, whose message is all that they need. */
export function isUsersToMend(error: unknown): error is Error {
  return (
    error instanceof UserError ||
    error instanceof ContractError ||
    error instanceof CodeGeneratorError
  );
}
