using System.Collections;

namespace DiffGen.Generator.Ir;

/// <summary>A block's statements and all inside them, in order, found as they are asked for: this is walked too often to be a list.</summary>
public readonly struct AllStatements(Block block) : IEnumerable<Stmt>
{
    /// <summary>Begins at the first.</summary>
    public Enumerator GetEnumerator() => new(block);

    IEnumerator<Stmt> IEnumerable<Stmt>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The way through the blocks: those that are not finished, each with the statement that is next.</summary>
    public struct Enumerator : IEnumerator<Stmt>
    {
        private (EquatableArray<Stmt> Statements, int Next)[] _open;
        private int _depth;
        private Stmt _current;

        internal Enumerator(Block block)
        {
            _open = block.IsEmpty ? [] : new (EquatableArray<Stmt>, int)[4];
            _depth = 0;
            _current = null!;
            Enter(block);
        }

        /// <inheritdoc/>
        public readonly Stmt Current => _current;

        readonly object IEnumerator.Current => _current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            while (_depth > 0)
            {
                ref (EquatableArray<Stmt> Statements, int Next) top = ref _open[_depth - 1];
                if (top.Next == top.Statements.Count)
                {
                    _depth--;
                    continue;
                }
                _current = top.Statements[top.Next++];
                Enter(_current);
                return true;
            }
            return false;
        }

        /// <summary>There is no way back.</summary>
        public readonly void Reset() => throw new System.NotSupportedException();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }

        // the block that comes first is entered last
        private void Enter(Stmt s)
        {
            switch (s)
            {
                case If x:
                    Enter(x.Else);
                    Enter(x.Then);
                    break;
                case For x: Enter(x.Body); break;
                case While x: Enter(x.Body); break;
                case Labelled x: Enter(x.Body); break;
                case Scope x: Enter(x.Body); break;
                case Around x: Enter(x.Body); break;
                case Try x:
                    Enter(x.Finally);
                    for (int i = x.Catches.Count - 1; i >= 0; i--) Enter(x.Catches[i].Body);
                    Enter(x.Body);
                    break;
            }
        }

        private void Enter(Block block)
        {
            if (block.IsEmpty) return;
            if (_depth == _open.Length) System.Array.Resize(ref _open, Math.Max(4, 2 * _depth));
            _open[_depth++] = (block.Statements, 0);
        }
    }
}
