import { isAnnotation } from "./annotation";
import type { Problems } from "./problems";
import type { ProtoSource } from "./proto-source";

const example = '"// go:plugin type=plugin version=1"';

/**
 * Complains where services are left out that were certainly meant: go-plugin silently generates nothing for a service
 * without annotation. That is right for one service among others, but not if it is all that a contract has.
 */
export function checkAnnotated(sources: readonly ProtoSource[], problems: Problems): void {
  const services = sources.flatMap((source) =>
    source.file.services.map((service) => {
      const annotated = hasAnnotation(source.comments(service).leading);
      const detached = !annotated && source.commentsAbove(service).some(hasAnnotation);
      return { source, service, annotated, detached };
    }),
  );
  const none = services.every(({ annotated, detached }) => !annotated && !detached);
  for (const { source, service, detached } of services) {
    if (detached) {
      problems.add(
        source.position(service),
        `the annotation of ${service.name} does not count, because it is not in the comment directly above ` +
          "the service: remove the blank line between them",
      );
    } else if (none) {
      problems.add(
        source.position(service),
        `no code would be generated for ${service.name}, because no service has an annotation: ` +
          `write ${example} on the line above the service`,
      );
    }
  }
}

function hasAnnotation(comment: string): boolean {
  return comment.split("\n").some(isAnnotation);
}
