import { nameOfStatement, spendObjectMs, tally } from "./counters.ts";

type Method = (this: unknown, ...args: never[]) => unknown;

/** Puts something in the place of a method, for every object of its kind in this isolate. */
function replace(prototype: object, method: string, by: (original: Method) => Method): void {
  const found = Reflect.get(prototype, method);
  if (typeof found !== "function") throw new Error(`nothing to count: there is no ${method}`);
  Object.defineProperty(prototype, method, { value: by(found), configurable: true, writable: true });
}

const instrumented = new Set<string>();

/** Kinds of objects are shared by an isolate: each is instrumented once. */
function once(kind: string, instrument: () => void): void {
  if (instrumented.has(kind)) return;
  instrumented.add(kind);
  instrument();
}

/** Counts what leaves through the bindings: calls of objects, D1 statements, queue messages. */
export function countBindings(env: Env): void {
  once("objects", () => countObjectCalls(env));
  once("d1", () => countD1(env.DB));
  once("queue", () => countQueue(env.JOBS));
}

/** Counts what an object does to its storage. */
export function countStorage(storage: DurableObjectStorage): void {
  once("sql", () => countSql(storage.sql));
  once("alarms", () => {
    for (const method of ["setAlarm", "deleteAlarm"]) {
      replace(
        Object.getPrototypeOf(storage),
        method,
        (original) =>
          function (...args) {
            tally("alarm_set", method);
            return original.apply(this, args);
          },
      );
    }
  });
}

/** Each method called on an object's stub is a request to it. */
function countObjectCalls(env: Env): void {
  const nameOf = (namespace: unknown): string =>
    Object.entries(env).find(([, binding]) => binding === namespace)?.[0] ?? "object";
  for (const method of ["getByName", "get"]) {
    replace(
      Object.getPrototypeOf(env.ACCOUNTS),
      method,
      (original) =>
        function (...args) {
          return countedStub(original.apply(this, args) as object, nameOf(this));
        },
    );
  }
}

function countedStub(stub: object, name: string): object {
  return new Proxy(stub, {
    get(target, method) {
      const value = Reflect.get(target, method);
      if (typeof value !== "function" || typeof method !== "string") return value;
      return async (...args: unknown[]) => {
        tally("object", `${name}.${method}`);
        const startedAtMs = Date.now();
        try {
          return await value.apply(target, args);
        } finally {
          spendObjectMs(Date.now() - startedAtMs);
        }
      };
    },
  });
}

function countD1(database: D1Database): void {
  const count = (sql: string, { meta }: D1Result): void =>
    tally("d1_sql", nameOfStatement(sql), { rowsRead: meta.rows_read, rowsWritten: meta.rows_written });
  const statement = Object.getPrototypeOf(database.prepare("SELECT 1"));
  const all = statement.all;
  const counted = async (of: { statement: string }): Promise<D1Result<Record<string, unknown>>> => {
    tally("d1_call", "statement");
    const result = await all.call(of);
    count(of.statement, result);
    return result;
  };
  // Only `all` and `batch` answer what a statement cost, so the others are made of `all`.
  const ways: Record<string, (result: D1Result<Record<string, unknown>>, column?: string) => unknown> = {
    all: (result) => result,
    run: (result) => result,
    first: ({ results: [row] }, column) => (column === undefined ? (row ?? null) : (row?.[column] ?? null)),
    raw: ({ results }) => results.map((row) => Object.values(row)),
  };
  for (const [method, answer] of Object.entries(ways)) {
    replace(
      statement,
      method,
      () =>
        async function (...args) {
          return answer(await counted(this as { statement: string }), args[0]);
        },
    );
  }
  const prototype = Object.getPrototypeOf(database);
  replace(
    prototype,
    "batch",
    (original) =>
      async function (...args) {
        tally("d1_call", "batch");
        const results = (await original.apply(this, args)) as D1Result[];
        const statements = args[0] as { statement: string }[];
        for (const [index, result] of results.entries()) count(statements[index]?.statement ?? "", result);
        return results;
      },
  );
  replace(prototype, "withSession", () => () => {
    throw new Error("D1 sessions aren't counted yet");
  });
}

function countQueue(queue: Queue): void {
  const prototype = Object.getPrototypeOf(queue);
  const sent = (...bodies: unknown[]): void => {
    tally("queue_call", "send");
    for (const body of bodies) tally("queued", (body as { type?: string }).type ?? "message");
  };
  replace(
    prototype,
    "send",
    (original) =>
      function (...args) {
        sent(args[0]);
        return original.apply(this, args);
      },
  );
  replace(
    prototype,
    "sendBatch",
    (original) =>
      function (...args) {
        sent(...(args[0] as { body: unknown }[]).map(({ body }) => body));
        return original.apply(this, args);
      },
  );
}

interface Cursor {
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

/** A cursor goes on reading while it is read from: what it cost is looked at again afterwards. */
function countSql(sql: SqlStorage): void {
  const cursors = new WeakMap<object, { name: string; rowsRead: number; rowsWritten: number }>();
  const update = (cursor: Cursor, times: number): void => {
    const known = cursors.get(cursor);
    if (!known) return;
    const { rowsRead, rowsWritten } = cursor;
    tally("object_sql", known.name, {
      times,
      rowsRead: rowsRead - known.rowsRead,
      rowsWritten: rowsWritten - known.rowsWritten,
    });
    Object.assign(known, { rowsRead, rowsWritten });
  };
  replace(
    Object.getPrototypeOf(sql),
    "exec",
    (original) =>
      function (...args) {
        const cursor = original.apply(this, args) as Cursor;
        cursors.set(cursor, { name: nameOfStatement(args[0] as string), rowsRead: 0, rowsWritten: 0 });
        update(cursor, 1);
        return cursor;
      },
  );
  const cursorPrototype = Object.getPrototypeOf(sql.exec("SELECT 1"));
  for (const method of ["toArray", "one", "next"]) {
    replace(
      cursorPrototype,
      method,
      (original) =>
        function (...args) {
          try {
            return original.apply(this, args);
          } finally {
            update(this as Cursor, 0);
          }
        },
    );
  }
}
