import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  readonly class?: string;
  readonly role?: "alert";
  readonly children: ComponentChildren;
}

/** Preformatted text. If it has to be scrolled, it can be reached by the keyboard, which not all browsers see to. */
export function Pre({ children, ...rest }: Props) {
  const element = useRef<HTMLPreElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useLayoutEffect(() => {
    const { current } = element;
    if (current !== null) setScrolls(current.scrollHeight > current.clientHeight);
  });
  return (
    <pre ref={element} {...rest} {...(scrolls && { tabIndex: 0 })}>
      {children}
    </pre>
  );
}
