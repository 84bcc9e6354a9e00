// CellUI
