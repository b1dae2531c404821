/**
 * `Object.prototype.hasOwnProperty`, for loops over the members of an object: `for (const key in object)` with `if
 * (!hasOwn.call(object, key)) continue`. There V8 spares the call. With `Object.hasOwn`, or over `Object.keys`, such a
 * loop takes five times as long (Node 24 and 26).
 */
export const { hasOwnProperty: hasOwn } = Object.prototype
