import { isList, isMap, type Value } from '../../core/value.ts';

const booleans = /^(?:yes|no|true|false|on|off|y|n|t|f|1|0)$/i;

/** Whether Ansible takes a value for one of this type, converting it where it would. */
export function convertible(type: string, value: Value): boolean {
  switch (type) {
    case 'str':
    case 'raw':
    case 'json':
    case 'jsonarg':
      return true;
    case 'path':
      return !isList(value) && !isMap(value);
    case 'int':
      return isWhole(value);
    case 'float':
      return typeof value === 'number' || isNumber(value);
    case 'bool':
      return (
        typeof value === 'boolean' ||
        value === 0 ||
        value === 1 ||
        (typeof value === 'string' && booleans.test(value.trim()))
      );
    case 'list':
      return isList(value) || typeof value === 'string' || typeof value === 'number';
    case 'dict':
      return isMap(value) || (typeof value === 'string' && isDictText(value));
    case 'bytes':
    case 'bits':
      return (
        typeof value === 'number' ||
        (typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*[KMGTPEZY]?(?:b|bits?|B|ytes?)?\s*$/i.test(value))
      );
    default:
      return true;
  }
}

function isWhole(value: Value): boolean {
  if (typeof value === 'number') return Number.isInteger(value);
  return typeof value === 'boolean' || (typeof value === 'string' && /^\s*[+-]?\d+(?:\.0+)?\s*$/.test(value));
}

function isNumber(value: Value): boolean {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
}

/** A map as JSON, or as name=value pairs. */
function isDictText(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return trimmed.includes('=');
  try {
    return typeof JSON.parse(trimmed) === 'object';
  } catch {
    return false;
  }
}
