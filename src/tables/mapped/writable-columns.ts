/**
 * A further condition on a declaration: `write` gets undefined if an attribute, or a sub-attribute of one of several
 * values, has no value. So a function that takes a list or a text alone does not compile.
 */
export type WritableColumns<Types> = {
  readonly [Name in keyof Types]: Types[Name] extends { readonly attributes: infer Attributes }
    ? { readonly attributes: WrittenColumns<Attributes> }
    : unknown
}

type WrittenColumns<Columns> = { readonly [Path in keyof Columns]: WrittenColumn<Columns[Path]> }

type WrittenColumn<Entry> = Entry extends { readonly write: (value: infer Value) => unknown }
  ? { readonly write: (value: Value | undefined) => unknown }
  : Entry extends { readonly attributes: infer Columns }
    ? { readonly attributes: WrittenColumns<Columns> }
    : unknown
