/** The version of this package; the bundle has it built in. */
declare const __FLOWMESH_VERSION__: string | undefined

export const VERSION = typeof __FLOWMESH_VERSION__ === 'string' ? __FLOWMESH_VERSION__ : '0.0.0-source'
