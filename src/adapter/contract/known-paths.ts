/** A text must be a known one. The compiler accepts a text whose value it does not know. */
export type KnownText<Given extends string, All> = All | (string extends Given ? Given : never)

/** The names of the top-level attributes of a resource; any text for a resource of unknown type. */
export type NameIn<R> = string extends keyof R ? string : keyof R & string

/** The paths of the attributes of a resource: `'userName'`, `'emails.value'`, `'urn:…:User:department'`. */
export type PathIn<R> = string extends keyof R
  ? string
  : { [Key in keyof R & string]: Key | PathBelow<Key, NonNullable<R[Key]>> }[keyof R & string]

type PathBelow<Key extends string, Value> = Value extends readonly (infer Element)[]
  ? PathBelow<Key, Element>
  : Value extends object
    ? Key extends `urn:${string}`
      ? `${Key}:${PathIn<Value>}`
      : `${Key}.${keyof Value & string}`
    : never
