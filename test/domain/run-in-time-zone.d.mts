/** Runs a program of this folder in a host whose local time is `timeZone`; answers the JSON it prints. */
export function runInTimeZone<T>(timeZone: string, program: string): Promise<T>;
