/**
 * The few types of react that are used here and by the declarations of @react-pdf/renderer. Its own package of types declares
 * empty elements of a page for every file of the project, and the tests of the pages have real ones.
 */
declare module "react" {
  export type ReactElement = { readonly type: unknown; readonly props: unknown; readonly key: string | null };
  export type ReactNode = ReactElement | string | number | null | undefined | readonly ReactNode[];
  export type ElementType = unknown;
  export type PropsWithChildren<Props> = Props & { children?: ReactNode };
  export type ReactInstance = unknown;
  export class Component<Props> {
    props: Props;
  }
  export function cloneElement(element: ReactElement, props: { key: string }): ReactElement;
  export function createElement<Props extends object>(
    type: (new (props: Props) => Component<Props>) | ((props: Props) => unknown),
    props: (Props & { key?: string | number }) | null,
    ...children: ReactNode[]
  ): ReactElement;
}
