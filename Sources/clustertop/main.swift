print("clustertop")
