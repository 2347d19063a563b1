"""Maps of any file: inputs, automatic choice of colours, report of rows not drawn."""
