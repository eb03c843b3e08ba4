"""How a PDF page becomes text in reading order: lines, layout, tables, furniture, paragraphs."""
