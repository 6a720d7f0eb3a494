// Runs in the window before any script of the page. It freezes what every object inherits, so that no script, however
// it got data to merge or assign, can change the behaviour of all the others (prototype pollution).
//
// Tauri's own `freezePrototype` does the same by freezing plain values. Then `thing.toString = …` throws for every
// object, although it means to change that object alone, and libraries do that while they load. Here each value becomes
// an accessor first: reading gives the value, assigning makes a property of the object that was assigned to.
(() => {
  "use strict";
  const shared = Object.prototype;
  for (const name of Reflect.ownKeys(shared)) {
    const { value, writable, configurable, enumerable } = Object.getOwnPropertyDescriptor(shared, name);
    if (!writable || !configurable) continue;
    Object.defineProperty(shared, name, {
      configurable,
      enumerable,
      get: () => value,
      set(own) {
        if (this === shared) throw new TypeError("What every object inherits is frozen.");
        Object.defineProperty(this, name, { value: own, writable: true, configurable: true, enumerable: true });
      },
    });
  }
  Object.freeze(shared);
})();
