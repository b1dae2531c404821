/**
 * Remembers a value that was made for an object, such as a comparison for an attribute, for as long as the object
 * lives.
 */
export function memo<Key extends object, Value extends {}>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, Value>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) {
      value = make(key)
      made.set(key, value)
    }
    return value
  }
}
