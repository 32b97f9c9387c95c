namespace Holdfast.Volumes.Database;

/// <summary>The tables. They can all be made anew from the volumes.</summary>
internal static class Schema
{
    public const int Version = 2;

    public const string Sql = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        -- A run is a snapshot. 'last' is the number of its last volume; of an incomplete one (is_complete = 0) the last that is known.
        CREATE TABLE runs (run INTEGER PRIMARY KEY, last INTEGER NOT NULL, time TEXT NOT NULL, client TEXT NOT NULL, job TEXT NOT NULL, statistics TEXT NOT NULL, is_complete INTEGER NOT NULL);
        -- 'is_there': 1 yes; 0 lost or forgotten, but what was only in it can still be named; 2 there, but nothing can be read from it. 'verified': when it was last read back.
        CREATE TABLE volumes (volume INTEGER PRIMARY KEY, run INTEGER NOT NULL, name TEXT NOT NULL, is_there INTEGER NOT NULL, bytes INTEGER NOT NULL, verified TEXT);
        -- A state of a path: from the run 'first' until before the run 'until'. 'gone': when a run found the path gone. 'saved': the newest volume that is there and holds it.
        CREATE TABLE versions (id INTEGER PRIMARY KEY, path BLOB NOT NULL, entry BLOB NOT NULL, first INTEGER NOT NULL, until INTEGER, gone TEXT, saved INTEGER);
        CREATE UNIQUE INDEX versions_live ON versions (path) WHERE until IS NULL;
        CREATE INDEX versions_path ON versions (path, first);
        CREATE INDEX versions_saved ON versions (saved);
        -- 'position': where its first header begins in the archive; -1 for what tar has no member for.
        CREATE TABLE copies (version INTEGER NOT NULL, volume INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (version, volume)) WITHOUT ROWID;
        -- Of a copy in parts: 'last' is the volume the copy counts for, which holds the last part.
        CREATE TABLE parts (version INTEGER NOT NULL, last INTEGER NOT NULL, number INTEGER NOT NULL, volume INTEGER NOT NULL, position INTEGER NOT NULL, length INTEGER NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (version, last, number)) WITHOUT ROWID;
        CREATE INDEX parts_volume ON parts (volume);
        CREATE INDEX copies_volume ON copies (volume);
        """;
}
